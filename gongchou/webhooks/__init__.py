"""事件通知: other systems are told of events of the trail, signed, until they say they know."""
