# deal
