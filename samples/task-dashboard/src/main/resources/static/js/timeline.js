// The nodes of a task as bars over time. Everything is changed in place, so that text can be selected while the
// task runs.

import { arrange, el, setAttribute, setText } from './dom.js';
import { duration, elapsed, nodeName, plural, timeOfDay } from './format.js';

const NODE_STATES = {
	active: 'active', deferred: 'deferred', done: 'done', failed: 'failed', stopped: 'not ended',
};
const MARKS = { update: 'Data', error: 'Error', defer: 'Deferred' };
// Labels of the axis need room to their right
const LAST_LABEL = 0.93;

export class Timeline {

	constructor() {
		this.lanes = new Map();
		this.axis = el('div.axis', { 'aria-hidden': 'true' });
		this.list = el('ol.lanes');
		this.element = el('div.timeline', this.axis, this.list);
	}

	/**
	 * Show the nodes.
	 * @param {Object} task the task
	 * @param {Object[]} nodes its nodes
	 * @param {number} now the time of the board
	 * @param {boolean} timeless whether no times are known
	 */
	show({ startedAt, endedAt }, nodes, now, timeless) {
		const end = Math.max(endedAt ?? now, startedAt + 1);
		const scale = { start: startedAt, length: end - startedAt, end };
		this.element.classList.toggle('timeless', timeless);
		if (!timeless) {
			this.showAxis(scale);
		}
		arrange(this.list, nodes.map((node) => this.laneOf(node).show(node, scale, timeless)));
	}

	laneOf(node) {
		let lane = this.lanes.get(node.id);
		if (!lane) {
			lane = new Lane();
			this.lanes.set(node.id, lane);
		}
		return lane;
	}

	showAxis(scale) {
		const step = niceStep(scale.length / 4);
		let used = 0;
		for (let at = 0; at / scale.length < LAST_LABEL; at += step) {
			const label = this.axis.children[used] ?? this.axis.appendChild(el('span'));
			setText(label, at === 0 ? '0' : step < 1000 ? `${at} ms` : elapsed(at));
			place(label, at / scale.length);
			used++;
		}
		trim(this.axis, used);
	}

}

class Lane {

	constructor() {
		this.label = el('span.lane-label');
		this.type = el('span.lane-type');
		this.summary = el('span.visually-hidden');
		this.time = el('span.lane-time', { 'aria-hidden': 'true' });
		this.track = el('div.track', { 'aria-hidden': 'true' });
		this.notes = [];
		this.element = el('li.lane', el('div.lane-name', this.label, this.type, this.summary, this.time), this.track);
	}

	show(node, scale, timeless) {
		if (this.shown !== node) {
			this.shown = node;
			const name = nodeName(node);
			setAttribute(this.element, 'data-state', node.state);
			setText(this.label, name);
			setAttribute(this.label, 'title', name);
			setText(this.type, node.alias && node.type && node.type !== 'service' ? node.type : '');
			setText(this.summary, `, ${summaryOf(node, timeless)}`);
			this.showNotes(node);
		}
		if (!timeless) {
			setText(this.time, timeOf(node, scale));
			this.showTrack(node, scale);
		}
		else {
			setText(this.time, NODE_STATES[node.state]);
		}
		return this.element;
	}

	showTrack(node, scale) {
		let used = 0;
		const next = (name) => {
			const child = this.track.children[used] ?? this.track.appendChild(el('span'));
			child.className = name;
			used++;
			return child;
		};
		for (const segment of segmentsOf(node, scale)) {
			const bar = next('segment');
			setAttribute(bar, 'data-kind', segment.kind);
			setAttribute(bar, 'title', null);
			place(bar, fraction(segment.from, scale));
			bar.style.width = `${100 * (fraction(segment.to, scale) - fraction(segment.from, scale))}%`;
		}
		for (const mark of node.marks) {
			if (MARKS[mark.kind]) {
				const point = next('mark');
				setAttribute(point, 'data-kind', mark.kind);
				setAttribute(point, 'title', `${MARKS[mark.kind]} at ${timeOfDay(mark.at)}${mark.text ? `: ${mark.text}` : ''}`);
				point.style.width = '';
				place(point, fraction(mark.at, scale));
			}
		}
		trim(this.track, used);
	}

	/** Errors and reasons, as they came: with their line breaks. */
	showNotes(node) {
		const texts = node.marks.filter(({ kind, text }) => kind === 'error' || kind === 'defer' && text)
			.map(({ kind, text }) => ({ kind, title: `${MARKS[kind]} `, text: text ?? 'without a message' }));
		if (node.hiddenMarks) {
			texts.push({ kind: 'hint', title: '', text: `${plural(node.hiddenMarks, 'event', 'events')} not kept` });
		}
		this.notes = texts.map(({ kind, title, text }, index) => {
			const note = this.notes[index] ?? el('div.note', el('span.note-kind'), el('span.note-text'));
			setAttribute(note, 'data-kind', kind);
			setText(note.firstElementChild, title);
			setText(note.lastElementChild, text);
			return note;
		});
		arrange(this.element, [...this.element.querySelectorAll(':scope > .lane-name, :scope > .track'), ...this.notes]);
	}

}

function niceStep(length) {
	const steps = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000,
		1800000, 3600000, 7200000, 21600000, 43200000, 86400000];
	return steps.find((step) => step >= length) ?? Math.ceil(length / 86400000) * 86400000;
}

function segmentsOf(node, scale) {
	const segments = [];
	let kind = null;
	let from = 0;
	const close = (to) => {
		if (kind) {
			segments.push({ kind, from, to });
		}
		kind = null;
	};
	for (const mark of node.marks) {
		if (mark.kind === 'end') {
			close(mark.at);
		}
		else if (mark.kind === 'error') {
			close(mark.at);
			[kind, from] = ['failed', mark.at];
		}
		else if (mark.kind === 'defer') {
			close(mark.at);
			[kind, from] = ['deferred', mark.at];
		}
		else if (mark.kind === 'start' || kind !== 'active' && kind !== 'failed') {
			close(mark.at);
			[kind, from] = ['active', mark.at];
		}
	}
	const open = node.state === 'active' || node.state === 'deferred' || node.state === 'stopped';
	close(open || !segments.length ? scale.end : node.marks.at(-1).at);
	return segments;
}

function timeOf(node, scale) {
	const first = node.marks[0]?.at ?? scale.start;
	const running = node.state === 'active' || node.state === 'deferred';
	return running ? elapsed(scale.end - first) : duration((node.marks.at(-1)?.at ?? first) - first);
}

function summaryOf(node, timeless) {
	const parts = [NODE_STATES[node.state] ?? node.state];
	const updates = node.marks.filter(({ kind }) => kind === 'update').length;
	if (updates) {
		parts.push(plural(updates, 'update', 'updates'));
	}
	if (!timeless && (node.state === 'done' || node.state === 'failed')) {
		parts.push(duration(node.marks.at(-1).at - node.marks[0].at));
	}
	return parts.join(', ');
}

function place(element, position) {
	element.style.left = `${100 * position}%`;
}

function trim(parent, length) {
	while (parent.childElementCount > length) {
		parent.lastElementChild.remove();
	}
}

const fraction = (at, scale) => Math.min(1, Math.max(0, (at - scale.start) / scale.length));
