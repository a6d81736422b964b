// Command alert-register-checker reads a history of alert deliveries, one operation a line in JSON,
// from its standard input, and says whether each fingerprint behaved as one register of create,
// duplicate and resolve: whether there is an order, in agreement with the clock, in which one gateway
// that did one thing at a time would have given the same answers. It is linearizability, and
// Porcupine searches for that order; what is asked here knows nothing of the gateway's code.
//
// It writes its verdict as JSON. The exit code is 0 where no fingerprint was refused, 1 where one was
// or could not be decided, and 2 where the history cannot be read.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	history, err := readHistory(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the history cannot be read:", err)
		os.Exit(2)
	}
	said := judge(history)
	if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
		fmt.Fprintln(os.Stderr, "the verdict cannot be written:", err)
		os.Exit(2)
	}
	if len(said.Refused)+len(said.Undecided) > 0 {
		os.Exit(1)
	}
}
