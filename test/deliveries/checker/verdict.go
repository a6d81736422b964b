package main

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"
)

// refusal is a fingerprint that was no register.
type refusal struct {
	Fingerprint string `json:"fingerprint"`
	// The shortest part of its history that no register can have, by when each returned.
	Part []operation `json:"part"`
	// How many more, of unknown outcome, might have happened before its end.
	Unknown int `json:"unknown"`
}

// verdict is what is said of a history.
type verdict struct {
	Fingerprints int       `json:"fingerprints"`
	Operations   int       `json:"operations"`
	Unknown      int       `json:"unknown"`
	Refused      []refusal `json:"refused"`
	// Fingerprints for which the search took too long.
	Undecided []string `json:"undecided"`
}

// longestSearch is for one search of one fingerprint; as a rule it takes less than a millisecond.
const longestSearch = 20 * time.Second

// judge checks every fingerprint by itself: they have nothing in common.
func judge(history []operation) verdict {
	said := verdict{Operations: len(history), Refused: []refusal{}, Undecided: []string{}}
	byFingerprint := map[string][]operation{}
	for _, one := range history {
		byFingerprint[one.Fingerprint] = append(byFingerprint[one.Fingerprint], one)
		if one.isUnknown() {
			said.Unknown++
		}
	}
	said.Fingerprints = len(byFingerprint)
	fingerprints := make([]string, 0, len(byFingerprint))
	for fingerprint := range byFingerprint {
		fingerprints = append(fingerprints, fingerprint)
	}
	sort.Strings(fingerprints)
	for _, fingerprint := range fingerprints {
		own := byFingerprint[fingerprint]
		switch search(fresh(), own) {
		case porcupine.Unknown:
			said.Undecided = append(said.Undecided, fingerprint)
		case porcupine.Illegal:
			said.Refused = append(said.Refused, refusalOf(fingerprint, own))
		}
	}
	return said
}

func search(initial states, history []operation) porcupine.CheckResult {
	return porcupine.CheckEventsTimeout(modelFrom(initial), eventsOf(history), longestSearch)
}

// refusalOf finds the shortest offending part: the first operation with whose return no register can
// have had the history, and as few as possible of those before it.
func refusalOf(fingerprint string, history []operation) refusal {
	known := slices.DeleteFunc(slices.Clone(history), operation.isUnknown)
	slices.SortStableFunc(known, func(a, b operation) int {
		return cmp.Compare(a.ReturnedUs, b.ReturnedUs)
	})
	end := 1 + sort.Search(len(known)-1, func(last int) bool {
		return search(fresh(), within(history, known[:last+1])) == porcupine.Illegal
	})
	// One more operation at the beginning can only help: the first that is too many is looked for.
	tooMany := sort.Search(end, func(first int) bool {
		part := within(history, known[first:end])
		return search(anything(part), part) != porcupine.Illegal
	})
	part := known[max(0, tooMany-1):end]
	all := within(history, part)
	return refusal{fingerprint, part, len(all) - len(part)}
}

// within is a history as far as it matters to a part of it, given by return: what was still under way
// when it began, or had not returned when it ended, may have happened or not.
func within(history, part []operation) []operation {
	beginsUs, endsUs := part[0].CalledUs, part[len(part)-1].ReturnedUs
	for _, one := range part {
		beginsUs = min(beginsUs, one.CalledUs)
	}
	all := slices.Clone(part)
	for _, one := range history {
		isInPart := slices.ContainsFunc(part, func(own operation) bool { return own.number == one.number })
		isOver := !one.isUnknown() && one.ReturnedUs < beginsUs
		if isInPart || isOver || one.Kind == read || one.CalledUs > endsUs {
			continue
		}
		one.Outcome = unknown
		all = append(all, one)
	}
	return all
}
