// Shows JSON with indentation. It is taken apart into tokens and never parsed, so that numbers stay as
// they came, and text that was cut off can be shown as well.

import { el } from './dom.js';

const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/gs;
// Behind these the text has no colours: a browser would need too long for so many elements
const COLOURED_TOKENS = 8000;

/** Return JSON with line breaks and indentation, as elements to be shown. */
export function prettyJson(text) {
	const result = document.createDocumentFragment();
	let plain = '';
	let coloured = 0;
	forEachPiece(text, (piece, kind) => {
		if (kind && coloured < COLOURED_TOKENS) {
			coloured++;
			if (plain) {
				result.append(plain);
				plain = '';
			}
			result.append(el(`span.json-${kind}`, piece));
		}
		else {
			plain += piece;
		}
	});
	result.append(plain);
	return result;
}

/** Return JSON with line breaks and indentation, as text. */
export function prettyText(text) {
	const pieces = [];
	forEachPiece(text, (piece) => pieces.push(piece));
	return pieces.join('');
}

function forEachPiece(text, take) {
	const tokens = text.match(TOKEN) ?? [];
	let depth = 0;
	const newLine = () => take(`\n${'  '.repeat(Math.min(depth, 40))}`);
	tokens.forEach((token, index) => {
		const next = tokens[index + 1];
		if (token === '{' || token === '[') {
			depth++;
			take(token);
			if (next !== '}' && next !== ']') {
				newLine();
			}
		}
		else if (token === '}' || token === ']') {
			depth--;
			if (tokens[index - 1] !== '{' && tokens[index - 1] !== '[') {
				newLine();
			}
			take(token);
		}
		else if (token === ',') {
			take(',');
			newLine();
		}
		else if (token === ':') {
			take(': ');
		}
		else {
			take(token, kindOf(token, next));
		}
	});
}

function kindOf(token, next) {
	if (token.startsWith('"')) {
		return next === ':' ? 'key' : 'string';
	}
	return /^[-\d]/.test(token) ? 'number' : 'word';
}
