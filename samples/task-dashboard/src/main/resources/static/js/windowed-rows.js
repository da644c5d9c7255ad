// Keeps only those rows of a long table in the document that can be seen. The others are empty space of their
// height. A row with the focus stays, wherever it is.

import { arrange, el } from './dom.js';

// Rows above and below the visible ones. While fewer than the half of them scroll by, the document does not change.
const MARGIN = 12;
const FIRST_HEIGHT = 52;

export class WindowedRows {

	/**
	 * @param {HTMLElement} body the body of the table
	 * @param {Function} makeRow returns the element of the row at an index
	 * @param {Function} onLeft is called when rows have left the document
	 */
	constructor(body, makeRow, onLeft) {
		this.body = body;
		this.makeRow = makeRow;
		this.onLeft = onLeft;
		this.length = 0;
		this.height = FIRST_HEIGHT;
		this.kept = -1;
		this.first = 0;
		this.last = 0;
		this.spacers = [];
		this.spacersUsed = 0;
		this.planned = false;
		addEventListener('scroll', () => this.plan(), { passive: true });
		new ResizeObserver(() => this.plan()).observe(document.documentElement);
		// Rows are higher with larger text
		this.heights = new ResizeObserver(([{ target }]) => this.measure(target));
		this.measured = null;
	}

	/** Render with the next frame, if that changes anything, and once however often that is asked for. */
	plan() {
		if (!this.planned) {
			this.planned = true;
			requestAnimationFrame(() => {
				this.planned = false;
				if (!this.covers(this.visible(MARGIN / 2))) {
					this.render();
				}
			});
		}
	}

	covers([first, last]) {
		return this.first <= first && last <= this.last;
	}

	/**
	 * Bring the rows that can be seen into the document.
	 * @param {number} length how many rows there are
	 * @param {number} kept a row that stays, such as the one with the focus; -1 for none
	 */
	render(length = this.length, kept = this.kept) {
		this.length = length;
		this.kept = kept;
		const [first, last] = this.visible(MARGIN);
		this.first = first;
		this.last = last;
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
		this.onLeft();
		this.observe(children.find((child) => !child.matches('.spacer')));
	}

	/** The first and the last of the rows on the screen, with some more above and below. */
	visible(margin) {
		const { top } = this.body.getBoundingClientRect();
		const first = Math.max(0, Math.floor(-top / this.height) - margin);
		// Also those below the window that come first, as one may go there by keyboard
		const last = Math.max(0, Math.ceil((innerHeight - top) / this.height)) + margin;
		return [Math.min(first, this.length), Math.max(0, Math.min(last, this.length))];
	}

	spacer(rows) {
		const spacer = this.spacers[this.spacersUsed] ??= el('tr.spacer', { 'aria-hidden': 'true' }, el('td'));
		this.spacersUsed++;
		spacer.style.height = `${rows * this.height}px`;
		return spacer;
	}

	/** Let the browser say how high a row is: to ask it after a change would make it lay out the page at once. */
	observe(row) {
		if (row !== this.measured) {
			this.heights.disconnect();
			this.measured = row;
			if (row) {
				this.heights.observe(row);
			}
		}
	}

	measure(row) {
		const { height } = row.getBoundingClientRect();
		if (height && Math.abs(height - this.height) > 0.25) {
			this.height = height;
			requestAnimationFrame(() => this.render());
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
