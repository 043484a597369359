// Runs a command on a terminal of its own: what is read here is typed there, what it prints is printed here, and its
// exit code is this one's. Linux, standard library only.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"unsafe"
)

func ioctl(file *os.File, request uintptr, value *uint32) error {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), request, uintptr(unsafe.Pointer(value)))
	if errno != 0 {
		return errno
	}
	return nil
}

// open makes a pseudo-terminal: the side of the person, and the side of the command.
func open() (person, command *os.File, err error) {
	person, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	var unlock, number uint32
	if err := errors.Join(ioctl(person, syscall.TIOCSPTLCK, &unlock), ioctl(person, syscall.TIOCGPTN, &number)); err != nil {
		return nil, nil, err
	}
	command, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	return person, command, err
}

func main() {
	person, terminal, err := open()
	if err != nil {
		fmt.Fprintln(os.Stderr, "no pseudo-terminal:", err)
		os.Exit(125)
	}
	run := exec.Command(os.Args[1], os.Args[2:]...)
	run.Stdin, run.Stdout, run.Stderr = terminal, terminal, terminal
	run.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := run.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(126)
	}
	terminal.Close()
	go io.Copy(person, os.Stdin)
	io.Copy(os.Stdout, person) // ends with EIO when the command has closed its terminal
	run.Wait()
	os.Exit(run.ProcessState.ExitCode())
}
