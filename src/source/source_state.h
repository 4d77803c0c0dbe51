/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has become of a source's files since they were opened: source_refresh(). */
#ifndef RAMWALK_SOURCE_SOURCE_STATE_H
#define RAMWALK_SOURCE_SOURCE_STATE_H

enum source_state { SOURCE_WHOLE, SOURCE_SHRUNK, SOURCE_GONE };

#endif
