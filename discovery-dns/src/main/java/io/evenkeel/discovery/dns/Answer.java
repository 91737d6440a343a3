package io.evenkeel.discovery.dns;

/** What came of asking for one name. */
interface Answer {

  Outcome outcome();
}
