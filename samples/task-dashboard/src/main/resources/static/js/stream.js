// Keeps the connection to the board: detects when it is lost, and reconnects automatically. Runs in pages and in
// workers.

const FIRST_RETRY = 500;
const LAST_RETRY = 4000;
// The board sends the rate each second, so silence means that the connection is lost.
const SILENCE = 8000;

export class BoardStream {

	/**
	 * @param {string} url where the board streams
	 * @param {Object} listener onMessage(message), onLost(), onFound()
	 */
	constructor(url, listener) {
		this.url = url;
		this.listener = listener;
		this.source = null;
		this.retry = null;
		this.delay = FIRST_RETRY;
		this.lost = false;
		this.heard = 0;
		setInterval(() => {
			if (this.source && Date.now() - this.heard > SILENCE) {
				this.lose();
			}
		}, 1000);
	}

	open() {
		this.close();
		this.heard = Date.now();
		this.source = new EventSource(this.url);
		this.source.onmessage = (event) => this.received(JSON.parse(event.data));
		this.source.onerror = () => this.lose();
	}

	received(message) {
		this.heard = Date.now();
		this.delay = FIRST_RETRY;
		if (this.lost) {
			this.lost = false;
			this.listener.onFound();
		}
		this.listener.onMessage(message);
	}

	close() {
		clearTimeout(this.retry);
		this.source?.close();
		this.source = null;
	}

	lose() {
		this.close();
		this.retry = setTimeout(() => this.open(), this.delay);
		this.delay = Math.min(this.delay * 2, LAST_RETRY);
		this.lost = true;
		this.listener.onLost();
	}

	/** Try at once what would be tried a little later. */
	hurry() {
		if (this.lost) {
			this.open();
		}
	}

}
