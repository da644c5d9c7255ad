// Sends name and password, with the token that shows that this page has sent them.

import { byId } from './dom.js';
import { signIn } from './requests.js';

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
