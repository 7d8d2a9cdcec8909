/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_OPENING_H
#define TLC_OPENING_H

#include "life/record.h"

void tlc_opening_connect(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally);
void tlc_opening_request(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally);
void tlc_opening_repaired(struct tlc_record *rec, const struct tlc_event *ev);
void tlc_opening_migrated(struct tlc_record *rec, const struct tlc_event *ev,
			  struct tlc_tally *tally);
void tlc_opening_ack_deferred(struct tlc_record *rec, const struct tlc_event *ev,
			      struct tlc_tally *tally);
void tlc_opening_child(struct tlc_record *rec, const struct tlc_event *ev,
		       struct tlc_tally *tally);
enum tcp_lifecycle_mss_by tlc_opening_mss_by(const struct tlc_record *rec,
					     const struct tlc_mss_facts *f);
void tlc_opening_isns(struct tlc_record *rec, u32 isn, u32 peer_isn);
void tlc_opening_mss_adv(struct tlc_record *rec, const struct tlc_mss_facts *f);
void tlc_opening_clamp(struct tlc_record *rec, const struct tlc_mss_facts *f);
void tlc_opening_peer_syn(struct tlc_record *rec, const struct tlc_synopts *syn);
void tlc_opening_established(struct tlc_record *rec, const struct tlc_event *ev,
			     struct tlc_tally *tally);

#endif /* TLC_OPENING_H */
