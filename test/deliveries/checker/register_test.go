package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
)

// possible is what the checker decides, by trying everything: whether some order of all that is known
// and of any part of what is unknown keeps to the clock and gives these answers.
func possible(now register, left []operation, nowUs int64) bool {
	if !slices.ContainsFunc(left, func(one operation) bool { return !one.isUnknown() }) {
		return true
	}
	for index, one := range left {
		atUs := max(nowUs, one.CalledUs)
		mustBeLater := slices.ContainsFunc(left, func(other operation) bool {
			return !other.isUnknown() && other.ReturnedUs < atUs
		})
		if mustBeLater {
			continue
		}
		rest := slices.Delete(slices.Clone(left), index, index+1)
		if !one.isUnknown() {
			if next, isPossible := now.after(one); isPossible && possible(next, rest, atUs) {
				return true
			}
			continue
		}
		next := now.fired(one.AtMs, "")
		if one.Kind == resolve {
			next = now.ended(one.AtMs)
		}
		if next != now && possible(next, rest, atUs) {
			return true
		}
	}
	return false
}

func randomHistory(random *rand.Rand) []operation {
	names := []string{"a", "b"}
	history := make([]operation, 1+random.IntN(6))
	for index := range history {
		calledUs := random.Int64N(12)
		kind := []string{fire, fire, resolve, resolve, read}[random.IntN(5)]
		outcomes := outcomesOf[kind]
		one := operation{
			Fingerprint: "f",
			Kind:        kind,
			AtMs:        random.Int64N(3),
			CalledUs:    calledUs,
			ReturnedUs:  calledUs + random.Int64N(6),
			Outcome:     outcomes[random.IntN(len(outcomes))],
			number:      index,
		}
		switch one.Outcome {
		case created, duplicate, resolved:
			one.Name = names[random.IntN(2)]
		case listed:
			one.Names = names[:random.IntN(2)]
		}
		history[index] = one
	}
	return history
}

func TestDecidesAsTryingEverythingDoes(t *testing.T) {
	const seed, rounds = 7, 20_000
	random := rand.New(rand.NewPCG(seed, seed))
	found := map[bool]int{}
	for range rounds {
		history := randomHistory(random)
		want := possible(register{}, history, 0)
		found[want]++
		got := search(fresh(), history) == porcupine.Ok
		if got != want {
			t.Fatalf("%v where trying everything says %v: %+v", got, want, history)
		}
		if want {
			continue
		}
		refused := refusalOf("f", history)
		part := within(history, refused.Part)
		if search(fresh(), part) != porcupine.Illegal {
			t.Fatalf("the offending part %+v is possible; of %+v", refused.Part, history)
		}
	}
	if found[true] < rounds/10 || found[false] < rounds/10 {
		t.Fatalf("too few of one kind: %v", found)
	}
}
