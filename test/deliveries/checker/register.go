package main

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"
)

// register is what one fingerprint is at a moment: it has an active request or none.
type register struct {
	isActive bool
	// When the alert began for which the request was made.
	firingAtMs int64
	// Of the active request; empty where nobody has been told yet, as its creation was unknown.
	name string
	// The names of closed requests, each after a space: none of them comes back.
	closed string
}

func (r register) wasClosed(name string) bool {
	return slices.Contains(strings.Fields(r.closed), name)
}

// isCalled says whether the active request may have this name.
func (r register) isCalled(name string) bool {
	if r.name == "" {
		return !r.wasClosed(name)
	}
	return r.name == name
}

// fired is the register after an alert that began then. Of an active one the latest beginning counts.
func (r register) fired(atMs int64, name string) register {
	if r.isActive {
		r.firingAtMs = max(r.firingAtMs, atMs)
		return r
	}
	return register{isActive: true, firingAtMs: atMs, name: name, closed: r.closed}
}

// ended is the register after an alert ended then. What began later goes on.
func (r register) ended(atMs int64) register {
	if !r.isActive || r.firingAtMs > atMs {
		return r
	}
	closed := r.closed
	if r.name != "" {
		closed += " " + r.name
	}
	return register{closed: closed}
}

// after is the register after an operation with this outcome; false where it cannot have had that.
func (r register) after(o operation) (register, bool) {
	switch o.Outcome {
	case created:
		return r.fired(o.AtMs, o.Name), !r.isActive && !r.wasClosed(o.Name)
	case duplicate:
		named := r.fired(o.AtMs, o.Name)
		named.name = o.Name
		return named, r.isActive && r.isCalled(o.Name)
	case resolved:
		named := r
		named.name = o.Name
		return named.ended(o.AtMs), r.isActive && r.firingAtMs <= o.AtMs && r.isCalled(o.Name)
	case notActive:
		return r, !r.isActive || r.firingAtMs > o.AtMs
	case listed:
		if len(o.Names) == 0 {
			return r, !r.isActive
		}
		named := r
		named.name = o.Names[0]
		return named, len(o.Names) == 1 && r.isActive && r.isCalled(o.Names[0])
	}
	return r, false
}

// pending is what may still happen: so many operations with the same effect whose outcome is unknown.
type pending struct {
	kind  string
	atMs  int64
	count int
}

// state is a register with what may still happen to it.
type state struct {
	register
	pending []pending
}

func (s state) with(o operation) state {
	more := slices.Clone(s.pending)
	for index, one := range more {
		if one.kind == o.Kind && one.atMs == o.AtMs {
			more[index].count++
			return state{s.register, more}
		}
	}
	more = append(more, pending{o.Kind, o.AtMs, 1})
	slices.SortFunc(more, func(a, b pending) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.atMs, b.atMs))
	})
	return state{s.register, more}
}

// happened are the states after one of the pending operations that changes anything.
func (s state) happened() []state {
	var states []state
	for index, one := range s.pending {
		next := s.register.fired(one.atMs, "")
		if one.kind == resolve {
			next = s.register.ended(one.atMs)
		}
		if one.count == 0 || next == s.register {
			continue
		}
		left := slices.Clone(s.pending)
		left[index].count--
		states = append(states, state{next, left})
	}
	return states
}

// covers says whether all that can follow the other state can follow this one.
func (s state) covers(other state) bool {
	return s.register == other.register && slices.EqualFunc(s.pending, other.pending,
		func(own, others pending) bool {
			return own.kind == others.kind && own.atMs == others.atMs && own.count >= others.count
		})
}

// states is everything that a fingerprint may be, as far as clients can tell.
type states []state

// add adds a state unless it is covered; says whether it did.
func (all *states) add(one state) bool {
	if slices.ContainsFunc(*all, func(known state) bool { return known.covers(one) }) {
		return false
	}
	*all = append(slices.DeleteFunc(*all, one.covers), one)
	return true
}

// withHappened adds what the pending operations make of the states.
func (all states) withHappened() states {
	reached := slices.Clone(all)
	for waiting := slices.Clone(all); len(waiting) > 0; {
		next := waiting[0]
		waiting = waiting[1:]
		for _, one := range next.happened() {
			if reached.add(one) {
				waiting = append(waiting, one)
			}
		}
	}
	return reached
}

func (all states) after(o operation) states {
	var next states
	if o.isUnknown() {
		for _, one := range all {
			next.add(one.with(o))
		}
		return next
	}
	for _, one := range all.withHappened() {
		if register, isPossible := one.register.after(o); isPossible {
			next.add(state{register, one.pending})
		}
	}
	return next
}

func (all states) equal(others states) bool {
	return len(all) == len(others) && !slices.ContainsFunc(all, func(one state) bool {
		return !slices.ContainsFunc(others, one.covers)
	}) && !slices.ContainsFunc(others, func(one state) bool {
		return !slices.ContainsFunc(all, one.covers)
	})
}

// fresh is a fingerprint that nobody has delivered.
func fresh() states { return states{{}} }

// anything is a fingerprint of which nothing is known, before these operations.
func anything(history []operation) states {
	all := states{{}, {register: register{isActive: true, firingAtMs: math.MinInt64}}}
	for _, one := range history {
		if one.Kind == resolve {
			all.add(state{register: register{isActive: true, firingAtMs: one.AtMs + 1}})
		}
	}
	return all
}

// modelFrom is the register as Porcupine takes it.
func modelFrom(initial states) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return initial },
		Step: func(before, input, output any) (bool, any) {
			next := before.(states).after(output.(operation))
			return len(next) > 0, next
		},
		Equal: func(a, b any) bool { return a.(states).equal(b.(states)) },
	}
}
