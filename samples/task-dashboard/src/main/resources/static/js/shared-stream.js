// Follows the board through the connection that all pages of the browser share, or through one of its own where
// that is not possible.

import { BoardStream } from './stream.js';

// Seconds without any news of the worker, which has some each second
const PATIENCE = 15;

/**
 * Open a stream that is renewed for as long as the page lives.
 * @param {Object} listener onMessage(message), onLost(), onFound()
 */
export function openStream(listener) {
	new SharedStream(listener).open();
}

class SharedStream {

	constructor(listener) {
		this.listener = listener;
		this.lost = false;
		this.port = null;
		this.own = null;
		this.silence = 0;
		setInterval(() => this.watch(), 1000);
		addEventListener('online', () => this.hurry());
		document.addEventListener('visibilitychange', () => !document.hidden && this.hurry());
		// A page that the browser keeps for going back must not keep a connection
		addEventListener('pagehide', () => this.close());
		addEventListener('pageshow', (event) => event.persisted && this.open());
	}

	open() {
		try {
			const worker = new SharedWorker('js/stream-worker.js', { type: 'module', name: 'board' });
			worker.addEventListener('error', () => this.useOwn());
			this.port = worker.port;
			this.port.addEventListener('message', ({ data }) => this.received(data));
			this.port.start();
			this.silence = 0;
		}
		catch {
			this.useOwn();
		}
	}

	received({ message, lost }) {
		this.silence = 0;
		if (message) {
			this.listener.onMessage(message);
		}
		else if (lost !== this.lost) {
			this.lost = lost;
			if (lost) {
				this.listener.onLost();
			}
			else {
				this.listener.onFound();
			}
		}
	}

	/** A worker that says nothing is gone: browsers may end it to save memory. */
	watch() {
		if (this.port && ++this.silence > PATIENCE) {
			this.useOwn();
		}
	}

	useOwn() {
		this.leave();
		if (!this.own) {
			this.own = new BoardStream('api/board', {
				onMessage: (message) => this.received({ message }),
				onLost: () => this.received({ lost: true }),
				onFound: () => this.received({ lost: false }),
			});
		}
		this.own.open();
	}

	hurry() {
		this.port?.postMessage('hurry');
		this.own?.hurry();
	}

	leave() {
		this.port?.postMessage('close');
		this.port?.close();
		this.port = null;
	}

	close() {
		this.leave();
		this.own?.close();
	}

}
