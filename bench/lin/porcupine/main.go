// Porcupine under measurement: reads histories, then checks all of them in each pass and prints one JSON object.
//
//	porcupine <log|edn|kv> <passes> <seconds> FILE...
//
// log and edn are registers with compare-and-set (a Jepsen log, or EDN maps), kv is Porcupine's own key-value format.
// Its best settings: partitioned where there are keys, states with a hash, not verbose.
package main

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/anishathalye/porcupine"
)

type result struct {
	ReadMs   float64   `json:"readMs"`
	PassesMs []float64 `json:"passesMs"`
	Verdicts []string  `json:"verdicts"`
	Calls    int       `json:"calls"`
	// Peak resident memory of the process, and of the process before it read anything.
	PeakBytes int64 `json:"peakBytes"`
	IdleBytes int64 `json:"idleBytes"`
}

func main() {
	format, files := os.Args[1], os.Args[4:]
	passes, _ := strconv.Atoi(os.Args[2])
	seconds, _ := strconv.ParseFloat(os.Args[3], 64)
	timeout := time.Duration(seconds * float64(time.Second))
	out := result{IdleBytes: peakBytes()}

	model := register
	if format == "kv" {
		model = keyValue
	}
	began := time.Now()
	histories := make([][]porcupine.Event, len(files))
	for i, file := range files {
		histories[i] = read(file, format)
		out.Calls += len(histories[i]) / 2
	}
	out.ReadMs = millis(began)
	for pass := 0; pass < passes; pass++ {
		began := time.Now()
		out.Verdicts = out.Verdicts[:0]
		for _, history := range histories {
			verdict := porcupine.CheckEventsTimeout(model, history, timeout)
			out.Verdicts = append(out.Verdicts, words[verdict])
		}
		out.PassesMs = append(out.PassesMs, millis(began))
	}
	out.PeakBytes = peakBytes()
	text, _ := json.Marshal(out)
	fmt.Println(string(text))
}

var words = map[porcupine.CheckResult]string{
	porcupine.Ok: "ok", porcupine.Illegal: "violation", porcupine.Unknown: "unknown",
}

func millis(since time.Time) float64 { return float64(time.Since(since).Nanoseconds()) / 1e6 }

func peakBytes() int64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Maxrss * 1024
}

type call struct {
	name  byte // r, w, c; g, p, a
	key   string
	value int
	to    int
	text  string
}

type answer struct {
	unknown bool
	failed  bool
	value   int
	text    string
}

const nothing = -1 << 62

var register = porcupine.Model{
	Init: func() interface{} { return nothing },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		value, in, out := state.(int), input.(call), output.(answer)
		switch in.name {
		case 'r':
			return out.unknown || out.value == value, value
		case 'w':
			return true, in.value
		}
		if in.value == value {
			return out.unknown || !out.failed, in.to
		}
		return out.unknown || out.failed, value
	},
	Hash: func(state interface{}) uint64 { return uint64(state.(int)) },
}

var seed = maphash.MakeSeed()

var keyValue = porcupine.Model{
	PartitionEvent: func(history []porcupine.Event) [][]porcupine.Event {
		parts := map[string]int{}
		keys := map[int]string{}
		var out [][]porcupine.Event
		for _, event := range history {
			if event.Kind == porcupine.CallEvent {
				keys[event.Id] = event.Value.(call).key
			}
			key := keys[event.Id]
			part, known := parts[key]
			if !known {
				part = len(out)
				parts[key] = part
				out = append(out, nil)
			}
			out[part] = append(out[part], event)
		}
		return out
	},
	Init: func() interface{} { return "" },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		text, in := state.(string), input.(call)
		switch in.name {
		case 'g':
			out := output.(answer)
			return out.unknown || out.text == text, text
		case 'p':
			return true, in.text
		}
		return true, text + in.text
	},
	Hash: func(state interface{}) uint64 { return maphash.String(seed, state.(string)) },
}
