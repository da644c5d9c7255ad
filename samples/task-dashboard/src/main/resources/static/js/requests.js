// Asks the board for something, and says in words what went wrong.

/** What went wrong, in words for people. */
export class Problem extends Error {
}

/** Ask for JSON. */
export const get = (url) => request(url, {});

/** Change something. */
export function post(url, body) {
	const headers = { 'X-Task-Dashboard': '1' };
	if (body instanceof FormData) {
		return request(url, { method: 'POST', headers, body });
	}
	return request(url, {
		method: 'POST',
		headers: { ...headers, 'Content-Type': 'application/json' },
		body: JSON.stringify(body ?? {}),
	});
}

async function request(url, options) {
	let response;
	try {
		response = await fetch(url, options);
	}
	catch {
		throw new Problem('The board cannot be reached.');
	}
	const text = await response.text().catch(() => '');
	if (!response.ok) {
		throw new Problem(parsed(text)?.message ?? `The board has answered with status ${response.status}.`);
	}
	return parsed(text);
}

function parsed(text) {
	try {
		return text ? JSON.parse(text) : null;
	}
	catch {
		return null;
	}
}
