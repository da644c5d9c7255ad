// Wires the page: messages of the board go into the store, and the store onto the page, once per frame.

import { announce } from './announcer.js';
import { AttentionView } from './attention-view.js';
import { renderCounters, setUpCounters } from './counters.js';
import { BulkActions } from './bulk.js';
import { byId } from './dom.js';
import { FilterView } from './filter.js';
import { HistoryView } from './history-view.js';
import { TaskPanel } from './panel.js';
import { RateView } from './rate.js';
import { Route } from './route.js';
import { SessionView } from './session.js';
import { openStream } from './shared-stream.js';
import { StartView } from './start.js';
import { Store } from './store.js';
import { TaskTable } from './task-table.js';
import { setUpTheme } from './theme.js';
import { ViewsView } from './views.js';
import { WatcherView, setUpIcons } from './watcher.js';
import { ZoneView } from './zone.js';

const store = new Store();
const route = new Route(routed);
const filter = new FilterView(route);
const attention = new AttentionView(store, route);
const table = new TaskTable(store, route);
const past = new HistoryView(store, route);
const bulk = new BulkActions(store, route, () => past.load());
const views = new ViewsView(route);
const panel = new TaskPanel(store, route, (task) => (route.view === 'live' ? table : past).focus(task));
const watcher = new WatcherView(store);
const rate = new RateView(store);
const session = new SessionView(store, plan);
const zone = new ZoneView(route, () => table.restyle());
let planned = false;

function render() {
	planned = false;
	attention.update();
	watcher.render();
	renderCounters(store, route, attention.found);
	rate.render();
	attention.render();
	table.render();
	bulk.render();
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
	document.body.classList.toggle('kiosk', route.kiosk);
	zone.render();
	filter.render();
	views.render();
	past.render();
	render();
	if (table.shown !== before) {
		filter.announceCount(table.shown);
	}
}

function tick() {
	if (!store.lost) {
		attention.update();
		watcher.tick();
		renderCounters(store, route, attention.found);
		attention.render();
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
setUpCounters(route);
setUpTheme(() => rate.restyle());
routed();
setInterval(tick, 1000);
session.load();
openStream({
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
