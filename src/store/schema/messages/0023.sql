-- Which mailboxes are watched is compared with what is there: nothing is noted of those that stay.
ALTER TABLE mailbox_watch DROP COLUMN wanted;
