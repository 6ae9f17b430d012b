DROP TABLE sign_in_places;
DROP TABLE sign_in_failures;
