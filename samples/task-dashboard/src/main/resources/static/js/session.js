// Who uses the page, and what that user may do. The board enforces it, the page only hides what would be refused.

import { byId, setText } from './dom.js';
import { get, post } from './requests.js';

export class SessionView {

	/**
	 * @param {Store} store keeps the session
	 * @param {Function} onChange called when the session is known
	 */
	constructor(store, onChange) {
		this.store = store;
		this.onChange = onChange;
		this.leaving = false;
		byId('sign-out').addEventListener('click', async () => {
			this.leaving = true;
			const answer = await post('logout').catch(() => null);
			// To the provider, if it ends its own session as well
			location.assign(answer?.location ?? location);
		});
	}

	/** Ask the board. Without a session, as after a long pause, the page leads to the login. */
	async load() {
		try {
			this.store.session = await get('api/session');
		}
		catch (problem) {
			// The end of the session ends the stream before the page knows where to go
			if (problem.status === 401 && !this.leaving) {
				location.reload();
			}
			return;
		}
		this.render();
		this.onChange();
	}

	render() {
		const { user, operator } = this.store.session;
		byId('start').hidden = !operator;
		byId('user').hidden = user === null;
		setText(byId('user-name'), user === null ? '' : `${user}${operator ? '' : ' (read only)'}`);
	}

}
