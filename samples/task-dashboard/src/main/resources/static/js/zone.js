// The time zone that times are shown in: that of the browser, or UTC. It is in the address if it is not the usual one.

import { announce } from './announcer.js';
import { byId, setAttribute, setText } from './dom.js';
import { showTimesIn } from './format.js';

const OWN = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone that an address names; that of the browser if it names none. */
export function zoneOf(route) {
	return isZone(route.tz) ? route.tz : OWN;
}

export class ZoneView {

	/**
	 * @param {Route} route knows the zone
	 * @param {Function} onChange called when times have to be shown anew
	 */
	constructor(route, onChange) {
		this.route = route;
		this.onChange = onChange;
		byId('zone').addEventListener('click', () => {
			route.set({ tz: this.shown === 'UTC' && OWN !== 'UTC' ? OWN : 'UTC' });
			announce(`Times in ${this.shown}`);
		});
	}

	render() {
		const zone = zoneOf(this.route);
		if (this.shown === zone) {
			return;
		}
		this.shown = zone;
		showTimesIn(zone);
		setText(byId('zone'), zone);
		const next = zone === 'UTC' ? OWN : 'UTC';
		setAttribute(byId('zone'), 'title', next === zone ? `Times are in ${zone}` : `Times are in ${zone}. Switch to ${next}.`);
		setAttribute(byId('zone'), 'aria-label', `Time zone: ${zone}${next === zone ? '' : `. Switch to ${next}.`}`);
		this.onChange();
	}

}

function isZone(name) {
	try {
		return name !== '' && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
	}
	catch {
		return false;
	}
}
