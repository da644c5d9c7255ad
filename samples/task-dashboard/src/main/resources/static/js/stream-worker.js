// One connection to the board for all pages of a browser: it has only six for each host, and a stream occupies one
// for as long as its page is open. A page that comes later begins with what is known here.

import { Store } from './store.js';
import { BoardStream } from './stream.js';

const store = new Store();
const ports = new Set();
let lost = false;

const stream = new BoardStream('../api/board', {
	onMessage(message) {
		store.apply(message);
		tell({ message });
	},
	onLost() {
		lost = true;
		tell({ lost });
	},
	onFound() {
		lost = false;
		tell({ lost });
	},
});

function tell(news) {
	for (const port of ports) {
		port.postMessage(news);
	}
}

addEventListener('connect', ({ ports: [port] }) => {
	ports.add(port);
	port.addEventListener('message', ({ data }) => {
		if (data === 'close') {
			ports.delete(port);
			if (ports.size === 0) {
				stream.close();
			}
		}
		else {
			stream.hurry();
		}
	});
	port.start();
	if (!stream.source && !lost) {
		stream.open();
	}
	else if (store.ready) {
		port.postMessage({ message: store.snapshot() });
	}
	port.postMessage({ lost });
});
