// How the connection to the platform is.

import { announce } from './announcer.js';
import { byId, el, icon, setAttribute, setText } from './dom.js';
import { count, dateAndTime, elapsed, plural, timeOfDay } from './format.js';

const STATES = {
	stopped: { text: 'Stopped', tone: 'idle', advice: 'No updates are received.' },
	connecting: { text: 'Connecting', tone: 'wait', advice: 'The numbers below are those of the last connection.' },
	streaming: { text: 'Connected', tone: 'good' },
	backing_off: {
		text: 'Waiting to reconnect', tone: 'bad',
		advice: 'Further attempts follow automatically. Updates of the outage follow when the platform is reached again.',
	},
	refused: { text: 'Access token refused', tone: 'bad', advice: 'The token is read again every ten seconds, and tried when it has changed. Check that it is still valid.' },
	paused: { text: 'Paused', tone: 'idle', advice: 'The position is kept. Updates follow when the watcher is resumed.' },
	standby: { text: 'Standby', tone: 'idle', advice: 'Another instance of this application is the leader.' },
};

// Of a topic in place of the platform.
const TOPIC_ADVICE = {
	stopped: 'No updates are received.',
	backing_off: 'The broker does not answer. Updates follow when it is reached again.',
	paused: 'The offsets are kept. Updates follow when the watcher is resumed.',
	standby: 'Other members of the group read all partitions. Give each board a group of its own.',
};

// Less than this is only the time that a connection needs to get going.
const BEHIND = 5000;

const UNKNOWN = { text: 'Opening the board…', tone: 'idle' };

export class WatcherView {

	constructor(store) {
		this.store = store;
		this.announced = null;
		this.shownNews = null;
	}

	render() {
		const watcher = this.store.watcher;
		const state = watcher ? STATES[watcher.state] ?? { text: watcher.state, tone: 'idle' } : UNKNOWN;
		setAttribute(byId('watcher'), 'data-tone', state.tone);
		setAttribute(byId('watcher'), 'data-state', watcher?.state ?? 'unknown');
		setText(byId('watcher-state'), this.catchingUp() ? 'Catching up' : state.text);
		if (watcher) {
			setText(byId('watcher-note'), noteOf(watcher, this.store.source?.topic));
			setText(byId('watcher-advice'), this.store.source?.topic ? TOPIC_ADVICE[watcher.state] ?? '' : adviceOf(watcher, state));
			this.renderFigures(watcher);
			this.renderNews();
			this.announceState(watcher, state);
		}
		this.renderSource();
		this.tick();
	}

	/** What changes by the mere passing of time. */
	tick() {
		const watcher = this.store.watcher;
		if (!watcher) {
			return;
		}
		if (this.catchingUp()) {
			setText(byId('watcher-line'), catchUpText(watcher.catchUp));
			return;
		}
		const parts = [`for ${elapsed(this.store.now() - watcher.since)}`];
		if (watcher.state !== 'streaming' && watcher.failures > 0) {
			parts.push(`attempt ${count(watcher.failures + 1)}${this.attemptTime(watcher)}`);
		}
		setText(byId('watcher-line'), parts.join(' · '));
	}

	attemptTime(watcher) {
		if (!watcher.retryAt) {
			return '';
		}
		const seconds = Math.ceil((watcher.retryAt - this.store.now()) / 1000);
		return seconds > 0 ? ` in ${seconds} s` : ' now';
	}

	catchingUp() {
		const watcher = this.store.watcher;
		return watcher?.state === 'streaming' && !watcher.caughtUp && watcher.catchUp?.behind > BEHIND;
	}

	renderSource() {
		const source = this.store.source;
		if (!source) {
			return;
		}
		setAttribute(byId('source'), 'data-emulator', String(source.emulator));
		if (source.topic) {
			setAttribute(byId('source'), 'title', `Updates come from the topic ${source.topic}, actions go to ${source.address}`);
			setText(byId('source'), `Topic ${source.topic}`);
			return;
		}
		const text = source.emulator
			? 'Built-in emulator: no access token is set. Set REQUENCE_ACCESS_TOKEN to watch your platform.'
			: source.address.replace(/^https?:\/\//, '');
		setAttribute(byId('source'), 'title', source.emulator ? `${text} (${source.address})` : source.address);
		setText(byId('source'), text);
	}

	renderFigures(watcher) {
		const figures = {
			'Position': this.store.source?.topic ? plural(watcher.partitions, 'partition', 'partitions')
				: watcher.position === null ? 'none yet' : count(watcher.position),
			'Connected': plural(watcher.connects, 'time', 'times'),
			'Received': plural(watcher.received, 'update', 'updates'),
			'Waiting': plural(watcher.backlog, 'update', 'updates'),
			'Repeats dropped': count(watcher.repeats),
			'Not readable': count(watcher.undecodable),
			'Failed': count(watcher.failed),
		};
		const list = byId('figures');
		if (list.childElementCount === 0) {
			list.append(...Object.keys(figures).map((name) => el('div', el('dt', name), el('dd'))));
		}
		Object.values(figures).forEach((value, index) => setText(list.children[index].lastElementChild, value));
	}

	renderNews() {
		if (this.shownNews === this.store.news) {
			return;
		}
		this.shownNews = this.store.news;
		byId('news').replaceChildren(...this.store.news.map((item) => el('li', { 'data-level': item.level },
			el('time', { datetime: new Date(item.at).toISOString(), title: dateAndTime(item.at) }, timeOfDay(item.at)),
			el('span', item.text))));
	}

	announceState(watcher, state) {
		if (this.announced !== null && this.announced !== watcher.state && watcher.state !== 'connecting') {
			announce(`Connection to the ${this.store.source?.topic ? 'topic' : 'platform'}: ${state.text}`);
		}
		if (this.announced === null || watcher.state !== 'connecting') {
			this.announced = watcher.state;
		}
	}

}

function catchUpText({ updates, behind, rate, remaining }) {
	const parts = [`${plural(updates, 'update', 'updates')} so far`, `${elapsed(behind)} behind`, `${count(rate)} a second`];
	if (remaining !== null && remaining !== undefined) {
		parts.push(`about ${elapsed(remaining)} left`);
	}
	return parts.join(' · ');
}

/** What is wrong, whole. */
function noteOf(watcher, topic) {
	if (watcher.outcomeUnknown) {
		return watcher.outcomeUnknown;
	}
	if (watcher.state !== 'streaming' && watcher.error) {
		const status = watcher.errorStatus ? `Status ${watcher.errorStatus}: ` : '';
		return status + watcher.error;
	}
	if (topic) {
		return watcher.partitions > 0
			? `${plural(watcher.partitions, 'partition', 'partitions')}, lag ${count(watcher.backlog)}` : '';
	}
	if (watcher.state === 'streaming') {
		return watcher.position === null ? 'No update received yet' : `Position ${count(watcher.position)}`;
	}
	return '';
}

/** What happens next, or has to be done. */
function adviceOf(watcher, state) {
	if (watcher.state === 'connecting' && watcher.position === null) {
		return '';
	}
	if (watcher.waitingSince) {
		return `The history is unavailable: updates wait since ${timeOfDay(watcher.waitingSince)}, probably for its database. Nothing is lost, they follow when it is back.`;
	}
	return state.advice ?? '';
}

/** Put icons where the page asks for them. */
export function setUpIcons() {
	for (const place of document.querySelectorAll('[data-icon]')) {
		place.append(icon(place.dataset.icon));
	}
}
