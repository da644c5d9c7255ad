// Keeps the connection to the board: detects when it is lost, and reconnects automatically.

const FIRST_RETRY = 500;
const LAST_RETRY = 4000;
// The board sends the rate each second, so silence means that the connection is lost.
const SILENCE = 8000;

/**
 * Open a stream that is renewed for as long as the page lives.
 * @param {string} url where the board streams
 * @param {Object} listener onMessage(message), onLost(), onFound()
 */
export function openStream(url, listener) {
	let source = null;
	let retry = null;
	let delay = FIRST_RETRY;
	let lost = false;
	let heard = 0;

	function open() {
		close();
		heard = Date.now();
		source = new EventSource(url);
		source.onmessage = (event) => {
			heard = Date.now();
			delay = FIRST_RETRY;
			if (lost) {
				lost = false;
				listener.onFound();
			}
			listener.onMessage(JSON.parse(event.data));
		};
		source.onerror = lose;
	}

	function close() {
		clearTimeout(retry);
		source?.close();
		source = null;
	}

	function lose() {
		close();
		retry = setTimeout(open, delay);
		delay = Math.min(delay * 2, LAST_RETRY);
		if (!lost) {
			lost = true;
			listener.onLost();
		}
	}

	setInterval(() => {
		if (source && Date.now() - heard > SILENCE) {
			lose();
		}
	}, 1000);
	addEventListener('online', () => lost && open());
	document.addEventListener('visibilitychange', () => !document.hidden && lost && open());
	// A page that the browser keeps for going back must not keep a connection.
	addEventListener('pagehide', close);
	addEventListener('pageshow', (event) => event.persisted && open());
	open();
}
