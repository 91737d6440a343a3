package io.evenkeel.health;

import java.time.Duration;

/**
 * What to ask an endpoint's health service.
 *
 * @param service the name to ask for; empty for the whole server
 * @param answerTimeout how long the first answer may take; an endpoint that says nothing does not
 *     serve
 */
public record HealthCheck(String service, Duration answerTimeout) {}
