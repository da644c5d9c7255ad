// Keeps only those rows of a long table in the document that can be seen. The others are empty space of their
// height. A row with the focus stays, wherever it is.

import { arrange, el } from './dom.js';

// Rows above and below the visible ones
const MARGIN = 8;
const FIRST_HEIGHT = 52;

export class WindowedRows {

	/**
	 * @param {HTMLElement} body the body of the table
	 * @param {Function} makeRow returns the element of the row at an index
	 */
	constructor(body, makeRow) {
		this.body = body;
		this.makeRow = makeRow;
		this.length = 0;
		this.height = FIRST_HEIGHT;
		this.kept = -1;
		this.spacers = [];
		this.spacersUsed = 0;
		this.planned = false;
		addEventListener('scroll', () => this.plan(), { passive: true });
		new ResizeObserver(() => this.plan()).observe(document.documentElement);
	}

	/** Render with the next frame, once however often that is asked for. */
	plan() {
		if (!this.planned) {
			this.planned = true;
			requestAnimationFrame(() => {
				this.planned = false;
				this.render();
			});
		}
	}

	/**
	 * Bring the rows that can be seen into the document.
	 * @param {number} length how many rows there are
	 * @param {number} kept a row that stays, such as the one with the focus; -1 for none
	 */
	render(length = this.length, kept = this.kept) {
		this.length = length;
		this.kept = kept;
		const [first, last] = this.visible();
		const children = [];
		let next = 0;
		this.spacersUsed = 0;
		const put = (index) => {
			if (index > next) {
				children.push(this.spacer(index - next));
			}
			children.push(this.makeRow(index));
			next = index + 1;
		};
		if (kept >= 0 && kept < first) {
			put(kept);
		}
		for (let index = first; index < last; index++) {
			put(index);
		}
		if (kept >= last && kept < length) {
			put(kept);
		}
		if (next < length) {
			children.push(this.spacer(length - next));
		}
		arrange(this.body, children);
		this.measure();
	}

	visible() {
		const top = this.body.getBoundingClientRect().top;
		const first = Math.max(0, Math.floor(-top / this.height) - MARGIN);
		// Also those below the window that come first, as one may go there by keyboard
		const last = Math.max(0, Math.ceil((innerHeight - top) / this.height)) + MARGIN;
		return [Math.min(first, this.length), Math.max(0, Math.min(last, this.length))];
	}

	spacer(rows) {
		const spacer = this.spacers[this.spacersUsed] ??= el('tr.spacer', { 'aria-hidden': 'true' }, el('td'));
		this.spacersUsed++;
		spacer.style.height = `${rows * this.height}px`;
		return spacer;
	}

	/** Rows are higher with larger text: measure one. */
	measure() {
		const row = this.body.querySelector('tr:not(.spacer)');
		const height = row?.getBoundingClientRect().height;
		if (height && Math.abs(height - this.height) > 0.25) {
			this.height = height;
			this.plan();
		}
	}

	/** Scroll a row into view and bring it into the document. */
	show(index) {
		const top = this.body.getBoundingClientRect().top + index * this.height;
		const head = this.body.previousElementSibling?.getBoundingClientRect().height ?? 0;
		if (top < head) {
			scrollBy(0, top - head);
		}
		else if (top + this.height > innerHeight) {
			scrollBy(0, top + this.height - innerHeight);
		}
		this.render(this.length, index);
	}

	/** How many rows fit on the screen. */
	get page() {
		return Math.max(1, Math.floor(innerHeight / this.height) - 1);
	}

}
