// Sends name and password, with the token that shows that this page has sent them, or leads to a provider.

import { byId, el } from './dom.js';
import { get, signIn } from './requests.js';

const REFUSALS = {
	role: 'Your account has no role for this board. Ask those who run it for the role of a viewer or an operator, then sign in again.',
	provider: 'The provider has not signed you in. Try again; if that does not help, the log of the board says why.',
};

const form = byId('login');
const problem = byId('login-problem');
const submit = form.querySelector('[type=submit]');

form.addEventListener('submit', async (event) => {
	event.preventDefault();
	if (submit.disabled) {
		return;
	}
	submit.disabled = true;
	problem.hidden = true;
	try {
		location.replace(await signIn(new URLSearchParams(new FormData(form))));
	}
	catch (failure) {
		problem.textContent = failure.message;
		problem.hidden = false;
		form.elements.password.value = '';
		form.elements.password.focus();
		submit.disabled = false;
	}
});

const parameters = new URLSearchParams(location.search);
byId('left').hidden = !parameters.has('left');
tell(REFUSALS[parameters.get('refused')]);

try {
	const { password, providers } = await get('api/login');
	form.hidden = !password;
	form.elements.username.focus();
	const list = byId('providers');
	list.append(...providers.map(({ name, address }) => el('li',
		el(`a.${password ? 'quiet' : 'primary'}`, { href: address.substring(1) }, `Sign in with ${name}`))));
	list.hidden = providers.length === 0;
}
catch (failure) {
	tell(failure.message);
}

function tell(text) {
	if (text) {
		byId('provider-problem').textContent = text;
		byId('provider-problem').hidden = false;
	}
}
