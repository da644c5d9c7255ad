// The chart of updates a second. The board works without it, should the library fail to load.

import { byId, setAttribute, setText } from './dom.js';
import { plural, rate, timeOfDay } from './format.js';

const WINDOW = 300;
const RECENT = 5;

export class RateView {

	constructor(store) {
		this.store = store;
		this.place = byId('chart');
		this.plot = null;
		this.library = null;
		this.shownUntil = null;
		import('../webjars/uplot/dist/uPlot.esm.js').then((module) => {
			this.library = module.default;
			this.restyle();
		}, () => this.place.remove());
		new ResizeObserver(() => this.resize()).observe(this.place);
	}

	render() {
		const { from, counts } = this.store.rate;
		const until = from + counts.length;
		if (counts.length === 0 || until === this.shownUntil) {
			return;
		}
		this.shownUntil = until;
		const recent = counts.slice(-RECENT);
		const current = sum(recent) / recent.length;
		setText(byId('rate-now'), rate(current));
		setText(byId('rate-hint'), `last ${WINDOW / 60} minutes`);
		setAttribute(this.place, 'aria-label', `Updates a second over the last ${WINDOW / 60} minutes: now `
			+ `${rate(current)}, at most ${Math.max(...counts)}, ${plural(sum(counts), 'update', 'updates')} in all`);
		this.plot?.setData(this.data());
	}

	/** Draw anew in the colours of the theme. */
	restyle() {
		if (!this.library) {
			return;
		}
		this.plot?.destroy();
		this.plot = new this.library(this.options(), this.data(), this.place);
	}

	resize() {
		if (this.plot && this.place.clientWidth > 0) {
			this.plot.setSize(this.extent());
		}
	}

	extent() {
		return { width: this.place.clientWidth, height: this.place.clientHeight };
	}

	data() {
		const { from, counts } = this.store.rate;
		// Seconds before the board was opened are unknown, not zero
		const seconds = counts.map((_, index) => from + index);
		return [seconds, counts];
	}

	options() {
		const style = getComputedStyle(document.documentElement);
		const color = (name) => style.getPropertyValue(name).trim();
		const font = `11px ${style.fontFamily}`;
		const axis = {
			stroke: color('--muted'), font, grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false },
		};
		return {
			...this.extent(),
			padding: [6, 4, 0, 0],
			legend: { show: false },
			cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, width: 2 } },
			scales: {
				x: { time: true, range: (_, _min, max) => [max - WINDOW + 1, max] },
				y: { range: (_, _min, max) => [0, Math.max(5, max * 1.15)] },
			},
			axes: [
				{ ...axis, size: 22, gap: 4, space: 90, grid: { show: false },
					// A label at the edge would be cut off
					values: (plot, splits) => splits.map((second) => Math.min(second - plot.scales.x.min, plot.scales.x.max - second) < 14
						? '' : timeOfDay(second * 1000).slice(0, 5)) },
				{ ...axis, size: 34, gap: 6, space: 28, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
			],
			series: [
				{},
				{ stroke: color('--running'), width: 1.6, fill: color('--running-soft'), points: { show: false } },
			],
			hooks: { setCursor: [(plot) => this.showPoint(plot.cursor.idx)] },
		};
	}

	showPoint(index) {
		const { from, counts } = this.store.rate;
		const known = index !== null && index !== undefined && counts[index] !== undefined;
		setText(byId('rate-hint'), known
			? `${timeOfDay((from + index) * 1000)}: ${plural(counts[index], 'update', 'updates')}`
			: `last ${WINDOW / 60} minutes`);
	}

}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
