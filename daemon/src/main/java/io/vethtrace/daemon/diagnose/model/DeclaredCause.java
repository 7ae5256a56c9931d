package io.vethtrace.daemon.diagnose.model;

/**
 * A cause as the rule describes it that owns it. The texts are Markdown; docs/causes.md is made of
 * them.
 *
 * @param detection the way in which the cause is found
 * @param happens the events in the kernel, with their source files
 * @param recognised the facts by which the rule recognises it
 * @param fix the commands or changes that remove it
 */
public record DeclaredCause(
    Cause cause, Detection detection, String happens, String recognised, String fix) {}
