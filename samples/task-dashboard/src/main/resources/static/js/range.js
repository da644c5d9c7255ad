// A range of time: the last minutes, hours or days, or from one moment to another, in the zone that is shown.

/** Ranges to choose from; what is in the address for them. */
export const RECENT = { '': 'All', '-15m': '15 minutes', '-1h': '1 hour', '-24h': '24 hours', '-7d': '7 days' };

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The moment that an address means: relative to now, or as ISO 8601; null if it means none. */
export function momentOf(text, now) {
	const relative = /^-(\d{1,4})([mhd])$/.exec(text);
	if (relative) {
		return now - Number(relative[1]) * UNITS[relative[2]];
	}
	const millis = Date.parse(text);
	return Number.isNaN(millis) ? null : millis;
}

/** What a field for date and time shows for a moment in a zone. */
export function fieldOf(millis, timeZone) {
	return millis === null ? '' : new Date(millis + offsetAt(millis, timeZone)).toISOString().slice(0, 19);
}

/** What is in the address for a field with date and time in a zone. */
export function addressOf(field, timeZone) {
	const local = Date.parse(`${field}Z`);
	if (Number.isNaN(local)) {
		return '';
	}
	// The offset of the zone depends on the moment: near a change of it the second try is right
	const guess = local - offsetAt(local, timeZone);
	return new Date(local - offsetAt(guess, timeZone)).toISOString().replace('.000Z', 'Z');
}

function offsetAt(millis, timeZone) {
	const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', {
		timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
	}).formatToParts(millis).map(({ type, value }) => [type, Number(value)]));
	const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
	return local - Math.floor(millis / 1000) * 1000;
}
