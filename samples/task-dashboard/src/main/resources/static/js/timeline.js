// The nodes of a task as bars over time.

import { el } from './dom.js';
import { duration, elapsed, nodeName, plural, timeOfDay } from './format.js';

const NODE_STATES = {
	active: 'active', deferred: 'deferred', done: 'done', failed: 'failed', stopped: 'not ended',
};
const MARKS = { update: 'Data', error: 'Error', defer: 'Deferred' };

/** Return the timeline of a task's nodes. */
export function timeline(details, now) {
	const { startedAt, endedAt } = details.task;
	const end = Math.max(endedAt ?? now, startedAt + 1);
	const scale = { start: startedAt, length: end - startedAt, end, running: endedAt === null };
	return el('div.timeline', axis(scale), el('ol.lanes', ...details.nodes.map((node) => lane(node, scale))));
}

function axis(scale) {
	const place = el('div.axis', { 'aria-hidden': 'true' });
	const step = niceStep(scale.length / 4);
	for (let at = 0; at <= scale.length; at += step) {
		// A label needs room to its right
		if (at / scale.length < 0.93) {
			place.append(placed(el('span', at === 0 ? '0' : step < 1000 ? `${at} ms` : elapsed(at)), at / scale.length));
		}
	}
	return place;
}

function niceStep(length) {
	const steps = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000,
		1800000, 3600000, 7200000, 21600000, 43200000, 86400000];
	return steps.find((step) => step >= length) ?? Math.ceil(length / 86400000) * 86400000;
}

function lane(node, scale) {
	const name = nodeName(node);
	const track = el('div.track', { 'aria-hidden': 'true' });
	for (const segment of segmentsOf(node, scale)) {
		const bar = placed(el('span.segment', { 'data-kind': segment.kind }), fraction(segment.from, scale));
		bar.style.width = `${100 * (fraction(segment.to, scale) - fraction(segment.from, scale))}%`;
		track.append(bar);
	}
	for (const mark of node.marks.filter(({ kind }) => MARKS[kind])) {
		const title = `${MARKS[mark.kind]} at ${timeOfDay(mark.at)}${mark.text ? `: ${mark.text}` : ''}`;
		track.append(placed(el('span.mark', { 'data-kind': mark.kind, title }), fraction(mark.at, scale)));
	}
	return el('li.lane', { 'data-state': node.state },
		el('div.lane-name', el('span.lane-label', { title: name }, name),
			el('span.lane-type', node.alias && node.type && node.type !== 'service' ? node.type : ''),
			el('span.visually-hidden', `, ${summaryOf(node)}`),
			el('span.lane-time', { 'aria-hidden': 'true' }, timeOf(node, scale))),
		track, ...notesOf(node));
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
	return running ? elapsed(scale.end - first) : duration(node.marks.at(-1).at - first);
}

function summaryOf(node) {
	const parts = [NODE_STATES[node.state] ?? node.state];
	const updates = node.marks.filter(({ kind }) => kind === 'update').length;
	if (updates) {
		parts.push(plural(updates, 'update', 'updates'));
	}
	if (node.state === 'done' || node.state === 'failed') {
		parts.push(duration(node.marks.at(-1).at - node.marks[0].at));
	}
	return parts.join(', ');
}

function notesOf(node) {
	const notes = node.marks.filter(({ kind, text }) => kind === 'error' || kind === 'defer' && text)
		.map((mark) => el('p.note', { 'data-kind': mark.kind }, el('span.note-kind', `${MARKS[mark.kind]} `),
			mark.text ?? 'without a message'));
	if (node.hiddenMarks) {
		notes.push(el('p.note', `${plural(node.hiddenMarks, 'event', 'events')} not kept`));
	}
	return notes;
}

function placed(element, position) {
	element.style.left = `${100 * position}%`;
	return element;
}

const fraction = (at, scale) => Math.min(1, Math.max(0, (at - scale.start) / scale.length));
