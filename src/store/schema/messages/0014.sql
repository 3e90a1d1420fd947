-- What waited for a notification that is gone, fifty thousand rows at most, is deleted a few at a time (store/notices.c). Its
-- number is never given again.
CREATE TABLE notice_orphan(target INTEGER PRIMARY KEY);
DROP TRIGGER notification_gone;
CREATE TRIGGER notification_gone AFTER DELETE ON notification BEGIN
	DELETE FROM notification_state WHERE num = old.num;
	INSERT INTO notice_orphan VALUES(old.num);
END;
