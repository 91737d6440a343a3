/**
 * Discovery in DNS that goes on asking: {@code dns+refresh:///host:port} for address records,
 * {@code dns+srv:///_service._proto.name} for SRV records.
 *
 * <p>Start reading at {@link io.evenkeel.discovery.dns.DnsDiscovery}, which asks again in time; a
 * {@code Lookup} knows what to ask, {@code NameServers} whom, {@code DnsSockets} how.
 */
@NullMarked
package io.evenkeel.discovery.dns;

import org.jspecify.annotations.NullMarked;
