// Turns figures into words, and times into those of the zone that was chosen.

const integer = new Intl.NumberFormat('en');
const decimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percentage = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

let formats = formatsIn(undefined);

function formatsIn(timeZone) {
	const format = (options) => new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
	return {
		clock: format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
		date: format({ dateStyle: 'medium', timeStyle: 'long' }),
		day: format({ day: 'numeric', month: 'short' }),
		year: format({ day: 'numeric', month: 'short', year: 'numeric' }),
	};
}

/** Show times in a zone; undefined for that of the browser. */
export function showTimesIn(timeZone) {
	formats = formatsIn(timeZone);
}

export const STATES = { running: 'Running', succeeded: 'Succeeded', failed: 'Failed', aborted: 'Aborted' };

export const count = (number) => integer.format(number);

export const rate = (number) => number >= 100 ? integer.format(Math.round(number)) : decimal.format(number);

export const percent = (fraction) => percentage.format(fraction);

export const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

export const timeOfDay = (millis) => formats.clock.format(millis);

/** A time with its day, unless that is today, and with its year, unless that is this year. */
export function moment(millis, now) {
	const when = formats.year.format(millis);
	const today = formats.year.format(now);
	if (when === today) {
		return timeOfDay(millis);
	}
	const sameYear = when.slice(-4) === today.slice(-4);
	return `${sameYear ? formats.day.format(millis) : when}, ${timeOfDay(millis)}`;
}

export const dateAndTime = (millis) => formats.date.format(millis);

/** A time that passes while one looks at it, so in whole seconds. */
export const elapsed = (millis) => inUnits(Math.max(0, Math.floor(millis / 1000)));

/** A time that is over. */
export function duration(millis) {
	const length = Math.max(0, millis);
	if (length < 1000) {
		return `${Math.round(length)} ms`;
	}
	return length < 59950 ? `${decimal.format(length / 1000)} s` : inUnits(Math.round(length / 1000));
}

function inUnits(seconds) {
	if (seconds < 60) {
		return `${seconds} s`;
	}
	if (seconds < 3600) {
		return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
	}
	if (seconds < 86400) {
		return `${Math.floor(seconds / 3600)} h ${pad(Math.floor(seconds / 60) % 60)} min`;
	}
	return `${count(Math.floor(seconds / 86400))} d ${pad(Math.floor(seconds / 3600) % 24)} h`;
}

const pad = (number) => String(number).padStart(2, '0');

export function size(bytes) {
	if (bytes < 1000) {
		return plural(bytes, 'byte', 'bytes');
	}
	return bytes < 1000000 ? `${decimal.format(bytes / 1000)} kB` : `${decimal.format(bytes / 1000000)} MB`;
}

/** The part of an id that is enough to tell tasks apart at a glance. */
export const shortId = (id) => id.length > 12 ? id.slice(0, 8) : id;

export const taskName = (task) => task.name || 'Unnamed task';

export const nodeName = (node) => node.alias ?? `unnamed ${node.type ?? 'node'}`;
