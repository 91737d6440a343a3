// Writes the values that Go's package go.etcd.io/etcd/client/v3/naming/endpoints stores, one file each, into the
// directory it is given:
//
//	go run src/test/go/fixtures.go src/test/resources/go
//
// Update is that package's internal type, and json.Marshal is what it calls.
package main

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// Update has the fields of naming/endpoints/internal.Update, in its order.
type Update struct {
	Op       uint8
	Addr     string
	Metadata interface{}
}

type m map[string]interface{}

func main() {
	write("plain", "10.0.0.1:8080", nil)
	write("ipv6", "[2001:db8::1]:8080", nil)
	write("host", "orders.example:8080", nil)
	write("full", "10.0.0.1:8080", text(m{
		"weight": 9, "zone": "z1", "priority": 2, "metadata": m{"version": "1.2", "b": "c"}}))
	write("addresses", "10.0.0.1:8080", text(m{"addresses": []string{"10.0.0.1:8080", "[::1]:8080"}}))
	write("escapes", "10.0.0.1:8080", text(m{"metadata": m{
		"html":        "<a href='x'>&</a>",
		"quote\"\\":   "tab\tline\nreturn\r\u0001",
		"separators":  "\u2028\u2029\u007f",
		"ä€":          "\U0001f600",
		"\uff5e":      "after the surrogates in UTF-16, before them in UTF-8",
		"\U0001f600":  "="}}))
	write("object", "10.0.0.1:8080", m{
		"weight": 9, "zone": "z1", "version": "1.2", "canary": true, "tags": []string{"x", "y"}})
}

// A string and no map: grpc-go compares Metadata with ==, which panics over maps.
func text(fields m) string {
	return string(marshal(fields))
}

func write(name string, addr string, metadata interface{}) {
	file := filepath.Join(os.Args[1], name+".json")
	if err := os.WriteFile(file, marshal(&Update{0, addr, metadata}), 0o644); err != nil {
		panic(err)
	}
}

func marshal(value interface{}) []byte {
	bytes, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return bytes
}
