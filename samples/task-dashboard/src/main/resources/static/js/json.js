// Shows JSON with indentation. It is taken apart into tokens and never parsed, so that numbers stay as
// they came, and text that was cut off can be shown as well.

import { el } from './dom.js';

const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/gs;
// Above this the browser would need too long for colours
const MAX_TOKENS = 8000;

/** Return JSON with line breaks and indentation, as elements to be shown. */
export function prettyJson(text) {
	const tokens = text.match(TOKEN) ?? [];
	const result = document.createDocumentFragment();
	let plain = '';
	let depth = 0;

	const flush = () => {
		if (plain) {
			result.append(plain);
			plain = '';
		}
	};
	const styled = (kind, token) => {
		flush();
		result.append(el(`span.json-${kind}`, token));
	};
	const newLine = () => {
		plain += `\n${'  '.repeat(Math.min(depth, 40))}`;
	};

	tokens.slice(0, MAX_TOKENS).forEach((token, index) => {
		const next = tokens[index + 1];
		if (token === '{' || token === '[') {
			depth++;
			plain += token;
			if (next !== '}' && next !== ']') {
				newLine();
			}
		}
		else if (token === '}' || token === ']') {
			depth--;
			if (tokens[index - 1] !== '{' && tokens[index - 1] !== '[') {
				newLine();
			}
			plain += token;
		}
		else if (token === ',') {
			plain += ',';
			newLine();
		}
		else if (token === ':') {
			plain += ': ';
		}
		else {
			styled(kindOf(token, next), token);
		}
	});
	if (tokens.length > MAX_TOKENS) {
		plain += '\n…';
	}
	flush();
	return result;
}

function kindOf(token, next) {
	if (token.startsWith('"')) {
		return next === ':' ? 'key' : 'string';
	}
	return /^[-\d]/.test(token) ? 'number' : 'word';
}
