package io.vethtrace.daemon.capture;

/**
 * Where frames were captured.
 *
 * @param name the device's name; of a file that names none, the file's
 * @param description in words, such as the network namespace; may be empty
 * @param linkType LINKTYPE_ value of the frames (www.tcpdump.org/linktypes.html)
 * @param snapLenBytes up to how many bytes of a frame were captured; 0 where there was no limit
 */
public record CaptureInterface(String name, String description, int linkType, int snapLenBytes) {}
