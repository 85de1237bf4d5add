// Sends uploads one after the other and prints a line each: the status, or what happened instead.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	origin, key, how, uploads := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = how == "close"
	client := &http.Client{Timeout: 20 * time.Second, Transport: transport}
	for _, upload := range uploads {
		parts := strings.Split(upload, "|")
		size, _ := strconv.Atoi(parts[2])
		request, _ := http.NewRequest("POST", origin+parts[0], bytes.NewReader(make([]byte, size)))
		request.Header.Set("content-type", parts[1])
		request.Header.Set("x-api-key", key)
		response, err := client.Do(request)
		if err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
		fmt.Println(response.StatusCode)
	}
}
