/** Tests of the metrics, dashboards and alert rules against a real Prometheus. */
@NullMarked
package io.vethtrace.lab.metrics;

import org.jspecify.annotations.NullMarked;
