/**
 * Explains packets that reach their destination and are not taken there: no listener, full buffers
 * and queues, wrong checksums, ignored echo requests.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.socket;

import org.jspecify.annotations.NullMarked;
