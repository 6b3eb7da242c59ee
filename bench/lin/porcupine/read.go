package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"github.com/anishathalye/porcupine"
)

// Calls without an answer return at the end with an unknown outcome, which Porcupine's models accept.
func read(path, format string) []porcupine.Event {
	file, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	var events []porcupine.Event
	open := map[string]int{}
	var pending []porcupine.Event
	calls := 0
	scanner := bufio.NewScanner(file)
	scanner.Buffer(make([]byte, 1<<16), 1<<24)
	for scanner.Scan() {
		process, kind, name, key, value := fieldsOf(scanner.Text(), format)
		if process == "" {
			continue
		}
		client, _ := strconv.Atoi(process)
		id, known := open[process]
		switch {
		case kind == "invoke":
			open[process] = calls
			events = append(events, porcupine.Event{
				ClientId: client, Kind: porcupine.CallEvent, Id: calls, Value: callOf(name, key, value),
			})
			calls++
		case !known:
		case kind == "info":
			pending = append(pending, returned(client, id, answer{unknown: true}))
			delete(open, process)
		case kind == "fail" && name != "cas":
			events = append(events, returned(client, id, answer{unknown: true}))
			delete(open, process)
		default:
			events = append(events, returned(client, id, answerOf(kind, value)))
			delete(open, process)
		}
	}
	for process, id := range open {
		client, _ := strconv.Atoi(process)
		pending = append(pending, returned(client, id, answer{unknown: true}))
	}
	return append(events, pending...)
}

func returned(client, id int, out answer) porcupine.Event {
	return porcupine.Event{ClientId: client, Kind: porcupine.ReturnEvent, Id: id, Value: out}
}

// A line of a Jepsen log has fields after the dash; a line of EDN is a map of keywords.
func fieldsOf(line, format string) (process, kind, name, key, value string) {
	if format == "log" {
		_, rest, found := strings.Cut(line, " - ")
		fields := strings.SplitN(rest, "\t", 4)
		if !found || len(fields) < 3 {
			return
		}
		if len(fields) == 4 {
			value = fields[3]
		}
		return fields[0], fields[1][1:], fields[2][1:], "", value
	}
	process = between(line, ":process ", ",")
	kind = between(line, ":type :", ",")
	name = between(line, ":f :", ",")
	key = strings.Trim(between(line, ":key ", ","), `"`)
	_, value, _ = strings.Cut(line, ":value ")
	return process, kind, name, key, strings.TrimSuffix(value, "}")
}

func between(line, from, to string) string {
	_, rest, found := strings.Cut(line, from)
	if !found {
		return ""
	}
	text, _, _ := strings.Cut(rest, to)
	return text
}

func callOf(name, key, value string) call {
	if name == "cas" {
		from, to, _ := strings.Cut(strings.Trim(value, "[]"), " ")
		return call{name: 'c', value: number(from), to: number(to)}
	}
	return call{name: name[0], key: key, value: number(value), text: strings.Trim(value, `"`)}
}

func answerOf(kind, value string) answer {
	return answer{failed: kind == "fail", value: number(value), text: strings.Trim(value, `"`)}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		return nothing
	}
	return value
}
