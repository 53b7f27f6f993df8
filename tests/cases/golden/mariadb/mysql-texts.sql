-- cmigrate: upgrade
CREATE TABLE `we'ird "t" */ -- ;` (
  `a'b` int NOT NULL AUTO_INCREMENT,
  `back\\slash` varchar(20) DEFAULT 'it''s \\ "x" 
 line',
  `e` enum('a','b''c','d\\e',''),
  PRIMARY KEY (`a'b`),
  KEY `i``x` (`back\\slash`(5) DESC)
) COMMENT 'tab\\le ''c'' */ ; --';

-- cmigrate: downgrade
-- loses data: the rows of table we'ird "t" */ -- ;
DROP TABLE `we'ird "t" */ -- ;`;
