// An input, an output or a result. Its text is asked for when it is looked at, and again when it has changed.

import { announce } from './announcer.js';
import { attachments } from './attachments.js';
import { copy } from './clipboard.js';
import { el, icon, replaceChildren, setAttribute, setText } from './dom.js';
import { size } from './format.js';
import { prettyJson } from './json.js';
import { get, getText } from './requests.js';

// An output that changes all the time is not asked for all the time
const PAUSE = 1500;

export class PayloadView {

	/**
	 * @param {string} title what it is
	 * @param {string} base where the board serves things of the task
	 * @param {Object} address says which payload of the task
	 * @param {boolean} open whether it is open at first
	 */
	constructor(title, base, address, open) {
		this.base = base;
		this.query = new URLSearchParams(address).toString();
		this.title = title;
		this.shown = null;
		this.loading = false;
		this.size = el('span.payload-size');
		this.files = el('ul.attachments', { 'aria-label': `Files of ${title}`, hidden: true });
		this.text = el('pre', { tabindex: '0', role: 'region', 'aria-label': `${title} as JSON` });
		this.problem = el('p.problem', { role: 'alert', hidden: true });
		this.hint = el('p.hint', { hidden: true });
		this.copyButton = button('copy', 'Copy', `Copy ${title}`, () => this.copy());
		this.wholeButton = button('large', 'Show all', `Show all of ${title}`, () => this.loadWhole());
		this.wholeButton.hidden = true;
		this.saveLink = el('a.quiet', { href: `${base}/payload/file?${this.query}`, download: true, 'aria-label': `Download ${title}` },
			icon('save'), 'Download');
		this.element = el('details.block.payload', { open },
			el('summary', el('span.payload-title', title), this.size), this.files, this.text, this.hint, this.problem,
			el('div.payload-tools', this.copyButton, this.saveLink, this.wholeButton));
		this.element.addEventListener('toggle', () => this.load());
	}

	/** Say which payload is there now. */
	update(summary) {
		this.wanted = summary;
		setText(this.size, size(summary.size));
		this.load();
	}

	async load() {
		if (!this.element.open || this.loading || !this.wanted || this.shown === this.wanted.version) {
			return;
		}
		this.loading = true;
		const { version } = this.wanted;
		try {
			const value = await get(`${this.base}/payload?${this.query}`);
			this.shown = version;
			this.show(value);
			this.tell('');
		}
		catch (problem) {
			this.tell(problem.message);
		}
		setTimeout(() => {
			this.loading = false;
			if (this.element.isConnected && this.shown !== null) {
				this.load();
			}
		}, PAUSE);
	}

	show(value) {
		this.value = value;
		// Other content may come from the same place, and browsers keep images by their address
		this.views = (this.views ?? 0) + 1;
		replaceChildren(this.files, attachments(this.base, `${this.query}&v=${this.views}`, value.references, (whole) => {
			if (this.element.isConnected) {
				this.show(whole);
				this.text.focus();
			}
		}));
		this.files.hidden = value.references.length === 0;
		this.text.replaceChildren(prettyJson(value.text));
		this.hint.hidden = !value.truncated;
		this.wholeButton.hidden = !value.truncated;
		setText(this.hint, `This is the beginning of ${size(value.size)}. Copy and Download take all of it.`);
	}

	/** What is not kept on the board is asked for from the platform. */
	whole() {
		return this.value?.truncated ? getText(`${this.base}/payload/file?${this.query}`) : Promise.resolve(this.value.text);
	}

	async loadWhole() {
		await this.busy(this.wholeButton, async () => {
			const text = await this.whole();
			this.show({ ...this.value, text, truncated: false });
			// The button is gone
			this.text.focus({ preventScroll: true });
			announce(`All of ${this.title} is shown`);
		});
	}

	async copy() {
		await this.busy(this.copyButton, async () => {
			const copied = await copy(await this.whole());
			this.tell(copied ? '' : 'The browser does not allow to copy. Use Download.');
			if (copied) {
				setText(this.copyButton.lastElementChild, 'Copied');
				announce(`${this.title} copied`);
				setTimeout(() => setText(this.copyButton.lastElementChild, 'Copy'), PAUSE);
			}
		});
	}

	async busy(element, action) {
		setAttribute(element, 'aria-busy', 'true');
		try {
			await action();
		}
		catch (problem) {
			this.tell(problem.message);
		}
		setAttribute(element, 'aria-busy', null);
	}

	tell(text) {
		setText(this.problem, text);
		this.problem.hidden = text === '';
	}

}

function button(name, text, label, onClick) {
	const element = el('button.quiet', { type: 'button', 'aria-label': label }, icon(name), el('span', text));
	element.addEventListener('click', onClick);
	return element;
}
