"""From requirements and owners to the requests that have to be sent."""
