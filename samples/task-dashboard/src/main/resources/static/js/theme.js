// Light, dark, or as the system says.

import { byId, icon } from './dom.js';

const THEMES = ['system', 'light', 'dark'];

/** Wire the button, and tell when colours change. */
export function setUpTheme(onChange) {
	const button = byId('theme');
	let theme = document.documentElement.dataset.theme ?? 'system';

	function show() {
		const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
		button.replaceChildren(icon(`theme-${theme}`));
		button.setAttribute('aria-label', `Theme: ${theme}. Switch to ${next}.`);
		button.title = `Theme: ${theme}`;
	}

	button.addEventListener('click', () => {
		theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
		if (theme === 'system') {
			delete document.documentElement.dataset.theme;
		}
		else {
			document.documentElement.dataset.theme = theme;
		}
		try {
			localStorage.setItem('theme', theme);
		}
		catch {
			// No storage: the choice lasts as long as the page
		}
		show();
		onChange();
	});
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
	show();
}
