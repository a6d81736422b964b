package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/anishathalye/porcupine"
)

// operation is one line of a history: what a client did to one fingerprint, and what it was told.
// Times are microseconds of one clock.
type operation struct {
	Client      string `json:"client"`
	Fingerprint string `json:"fingerprint"`
	// fire, resolve or read.
	Kind string `json:"kind"`
	// When a firing alert began, or a resolved one ended, in milliseconds of the sender's clock.
	AtMs     int64 `json:"atMs,omitempty"`
	CalledUs int64 `json:"calledUs"`
	// Meaningless where the outcome is unknown: it may happen at any later time, or never.
	ReturnedUs int64 `json:"returnedUs,omitempty"`
	// created, duplicate, resolved, not_active, listed or unknown.
	Outcome string `json:"outcome"`
	// The request that was named; of created, duplicate and resolved.
	Name string `json:"name,omitempty"`
	// The active requests that were listed; of read.
	Names []string `json:"names,omitempty"`
	// Of its line in the history, which tells it from every other.
	number int
}

const (
	fire      = "fire"
	resolve   = "resolve"
	read      = "read"
	created   = "created"
	duplicate = "duplicate"
	resolved  = "resolved"
	notActive = "not_active"
	listed    = "listed"
	unknown   = "unknown"
)

var outcomesOf = map[string][]string{
	fire:    {created, duplicate, unknown},
	resolve: {resolved, notActive, unknown},
	read:    {listed},
}

func (o operation) isUnknown() bool { return o.Outcome == unknown }

func (o operation) check() error {
	outcomes, isKnown := outcomesOf[o.Kind]
	switch {
	case o.Fingerprint == "":
		return errors.New("no fingerprint")
	case !isKnown:
		return fmt.Errorf("kind %q; expected fire, resolve or read", o.Kind)
	case !slices.Contains(outcomes, o.Outcome):
		return fmt.Errorf("outcome %q of %s; expected one of %v", o.Outcome, o.Kind, outcomes)
	case !o.isUnknown() && o.ReturnedUs < o.CalledUs:
		return fmt.Errorf("returned at %d, before it was called at %d", o.ReturnedUs, o.CalledUs)
	case slices.Contains([]string{created, duplicate, resolved}, o.Outcome) && o.Name == "":
		return fmt.Errorf("%s names no request", o.Outcome)
	}
	return nil
}

const longestLineBytes = 1 << 20

// readHistory reads one operation a line.
func readHistory(source io.Reader) ([]operation, error) {
	var history []operation
	lines := bufio.NewScanner(source)
	lines.Buffer(nil, longestLineBytes)
	for number := 1; lines.Scan(); number++ {
		var one operation
		err := json.Unmarshal(lines.Bytes(), &one)
		if err == nil {
			err = one.check()
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		one.number = number
		history = append(history, one)
	}
	return history, lines.Err()
}

// eventsOf is a history as Porcupine takes it. What is unknown is a point at its call: from there on
// the register may let it happen, or not (see register.go), which is the same as an operation with an
// open end and spares the search all orders of those.
func eventsOf(history []operation) []porcupine.Event {
	type timed struct {
		atUs     int64
		isReturn bool
		id       int
	}
	var times []timed
	for id, one := range history {
		times = append(times, timed{one.CalledUs, false, id})
		if !one.isUnknown() {
			times = append(times, timed{one.ReturnedUs, true, id})
		}
	}
	// At the same moment calls come first: then they are concurrent with what returns.
	slices.SortStableFunc(times, func(a, b timed) int {
		switch {
		case a.atUs != b.atUs:
			return int(a.atUs - b.atUs)
		case a.isReturn == b.isReturn:
			return 0
		case a.isReturn:
			return 1
		}
		return -1
	})
	var events []porcupine.Event
	for _, at := range times {
		one := history[at.id]
		if !at.isReturn {
			events = append(events, porcupine.Event{Kind: porcupine.CallEvent, Value: one, Id: at.id})
		}
		if at.isReturn || one.isUnknown() {
			events = append(events, porcupine.Event{Kind: porcupine.ReturnEvent, Value: one, Id: at.id})
		}
	}
	return events
}
