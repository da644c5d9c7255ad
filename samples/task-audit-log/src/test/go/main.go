// Command auditor checks what the audit log hands out with the packages that Go's checksum database is verified with:
// golang.org/x/mod/sumdb/note and tlog. It shares no code with the log.
//
//	auditor checkpoint <verifier key>... <signed checkpoint>
//	auditor inclusion <verifier key>... <tlog-proof> <canonical bytes of the entry>
//	auditor consistency <verifier key>... <signed checkpoint> <anchor>
//
// The arguments that end in a file are the last ones. Prints the size of the tree and exits with 0 if the check holds.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) < 4 {
		fail(fmt.Errorf("too few arguments"))
	}
	files := map[string]int{"checkpoint": 1, "inclusion": 2, "consistency": 2}[os.Args[1]]
	if files == 0 || len(os.Args) < 3+files {
		fail(fmt.Errorf("unknown command %q", os.Args[1]))
	}
	known := verifiers(os.Args[2 : len(os.Args)-files])
	first := read(os.Args[len(os.Args)-files])
	last := read(os.Args[len(os.Args)-1])
	var tree tlog.Tree
	switch os.Args[1] {
	case "checkpoint":
		tree = open(first, known)
	case "inclusion":
		tree = inclusion(first, last, known)
	case "consistency":
		tree = consistency(first, last, known)
	}
	fmt.Println(tree.N)
}

func verifiers(keys []string) note.Verifiers {
	var list []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			fail(err)
		}
		list = append(list, verifier)
	}
	return note.VerifierList(list...)
}

func open(signed string, known note.Verifiers) tlog.Tree {
	opened, err := note.Open([]byte(signed), known)
	if err != nil {
		fail(err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != opened.Sigs[0].Name {
		fail(fmt.Errorf("not a checkpoint: %q", opened.Text))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		fail(err)
	}
	return tlog.Tree{N: size, Hash: hash(lines[2])}
}

func inclusion(proof, entry string, known note.Verifiers) tlog.Tree {
	head, checkpoint := cut(proof)
	lines := strings.Split(head, "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		fail(fmt.Errorf("not a tlog-proof: %q", proof))
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		fail(err)
	}
	tree := open(checkpoint, known)
	if err := tlog.CheckRecord(hashes(lines[2:]), tree.N, tree.Hash, index, tlog.RecordHash([]byte(entry))); err != nil {
		fail(err)
	}
	return tree
}

func consistency(previous, anchor string, known note.Verifiers) tlog.Tree {
	head, checkpoint := cut(anchor)
	lines := strings.Split(head, "\n")
	older := open(previous, known)
	if lines[0] != fmt.Sprintf("old %d", older.N) {
		fail(fmt.Errorf("the anchor extends another tree: %q", lines[0]))
	}
	tree := open(checkpoint, known)
	if err := tlog.CheckTree(hashes(lines[1:]), tree.N, tree.Hash, older.N, older.Hash); err != nil {
		fail(err)
	}
	return tree
}

func cut(text string) (string, string) {
	at := strings.Index(text, "\n\n")
	if at < 0 {
		fail(fmt.Errorf("no empty line: %q", text))
	}
	return text[:at], text[at+2:]
}

func hashes(lines []string) []tlog.Hash {
	var list []tlog.Hash
	for _, line := range lines {
		list = append(list, hash(line))
	}
	return list
}

func hash(text string) tlog.Hash {
	parsed, err := tlog.ParseHash(text)
	if err != nil {
		fail(err)
	}
	return parsed
}

func read(name string) string {
	content, err := os.ReadFile(name)
	if err != nil {
		fail(err)
	}
	return string(content)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
