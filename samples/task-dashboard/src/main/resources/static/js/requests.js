// Asks the board for something, and says in words what went wrong.

// The cookie and the header of the token by which the board knows its own page
const TOKEN_COOKIE = 'XSRF-TOKEN=';
const TOKEN_HEADER = 'X-XSRF-TOKEN';

/** What went wrong, in words for people. */
export class Problem extends Error {

	/**
	 * @param {string} message the words
	 * @param {number} status the status of the response; null without one
	 */
	constructor(message, status = null) {
		super(message);
		this.status = status;
	}

}

/** Ask for JSON. */
export const get = (url) => request(url, {});

/** Ask for JSON, and say how large it was. */
export async function getSized(url) {
	const { text } = await send(url, {});
	return { value: parsed(text), bytes: text.length };
}

/** Ask for text as it is. */
export const getText = async (url) => (await send(url, {})).text;

/** Change something. */
export function post(url, body) {
	const headers = tokenHeader();
	if (body instanceof FormData) {
		return request(url, { method: 'POST', headers, body });
	}
	return request(url, {
		method: 'POST',
		headers: { ...headers, 'Content-Type': 'application/json' },
		body: JSON.stringify(body ?? {}),
	});
}

/** Sign in; gives the address of the page that was asked for before. */
export async function signIn(form) {
	const { response } = await send('login', { method: 'POST', headers: tokenHeader(), body: form });
	return response.url;
}

async function request(url, options) {
	const { text } = await send(url, options);
	return parsed(text);
}

async function send(url, options) {
	let response;
	try {
		response = await fetch(url, options);
	}
	catch {
		throw new Problem('The board cannot be reached.');
	}
	const text = await response.text().catch(() => '');
	if (!response.ok) {
		throw new Problem(parsed(text)?.detail ?? `The board has answered with status ${response.status}.`, response.status);
	}
	return { response, text };
}

function tokenHeader() {
	const cookie = document.cookie.split('; ').find((text) => text.startsWith(TOKEN_COOKIE));
	return cookie ? { [TOKEN_HEADER]: cookie.substring(TOKEN_COOKIE.length) } : {};
}

function parsed(text) {
	try {
		return text ? JSON.parse(text) : null;
	}
	catch {
		return null;
	}
}
