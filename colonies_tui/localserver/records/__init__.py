"""What the database holds, as frozen values with the statements that read them and their JSON on the wire."""
