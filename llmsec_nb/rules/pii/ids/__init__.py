"""Numbers that states, health services and makers give: shapes, checks and the words for them."""
