// Wires the page: messages of the board go into the store, and the store onto the page, once per frame.

import { announce } from './announcer.js';
import { byId } from './dom.js';
import { FilterView } from './filter.js';
import { TaskPanel } from './panel.js';
import { RateView } from './rate.js';
import { Route } from './route.js';
import { StartView } from './start.js';
import { SessionView } from './session.js';
import { Store } from './store.js';
import { openStream } from './stream.js';
import { TaskTable } from './task-table.js';
import { setUpTheme } from './theme.js';
import { WatcherView, setUpIcons } from './watcher.js';
import { renderCounters } from './counters.js';

const store = new Store();
const route = new Route(routed);
const filter = new FilterView(route);
const table = new TaskTable(store, route);
const panel = new TaskPanel(store, route, (task) => table.focus(task));
const watcher = new WatcherView(store);
const rate = new RateView(store);
const session = new SessionView(store, plan);
let planned = false;

function render() {
	planned = false;
	watcher.render();
	renderCounters(store);
	rate.render();
	table.render();
	panel.render();
}

function plan() {
	if (!planned) {
		planned = true;
		requestAnimationFrame(render);
	}
}

function routed() {
	const before = table.shown;
	filter.render();
	table.render();
	panel.render();
	if (table.shown !== before) {
		filter.announceCount(table.shown);
	}
}

function tick() {
	if (!store.lost) {
		watcher.tick();
		table.tick();
		panel.tick();
	}
}

function showLost(lost) {
	store.lost = lost;
	byId('lost').hidden = !lost;
	document.body.classList.toggle('stale', lost);
	announce(lost ? 'Connection to the board lost, retrying' : 'Connected to the board again');
}

new StartView(store, route);
setUpIcons();
setUpTheme(() => rate.restyle());
filter.render();
panel.render();
table.render();
setInterval(tick, 1000);
session.load();
openStream('api/board', {
	onMessage(message) {
		store.apply(message);
		plan();
	},
	onLost() {
		showLost(true);
		session.load();
	},
	onFound() {
		session.load();
		showLost(false);
		panel.refresh();
	},
});
