/* SPDX-License-Identifier: ISC */
/*
 * list - intrusive doubly linked list, circular, with a head of its own.
 *
 *	struct list *l;
 *	for (l = head.next; l != &head; l = l->next)
 *		struct job *job = LIST_ITEM(l, struct job, link);
 *
 * A member that is in no list points to itself after list_init or list_del,
 * so that deleting twice does no harm.
 */
#ifndef COMMON_LIST_H
#define COMMON_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

/* The struct of a type that a list member lives in. */
#define LIST_ITEM(l, type, member) \
	((type *)(void *)((char *)(l) - offsetof(type, member)))

/*
 * list_init - an empty list, or a member that is in none.
 */
static inline void
list_init(struct list *l)
{
	l->next = l->prev = l;
}

/*
 * list_is_empty - no members; for a member: not in a list.
 */
static inline bool
list_is_empty(const struct list *l)
{
	return l->next == l;
}

/*
 * list_add_tail - put member, which is in no list, at the end.
 */
static inline void
list_add_tail(struct list *head, struct list *member)
{
	member->prev = head->prev;
	member->next = head;
	head->prev->next = member;
	head->prev = member;
}

/*
 * list_add_head - put member, which is in no list, at the beginning.
 */
static inline void
list_add_head(struct list *head, struct list *member)
{
	list_add_tail(head->next, member);
}

/*
 * list_del - take member out of whatever list it is in.
 */
static inline void
list_del(struct list *member)
{
	member->prev->next = member->next;
	member->next->prev = member->prev;
	list_init(member);
}

#endif
